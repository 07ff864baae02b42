/** The page before its script has run. Everything it shows comes as JSON. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>moult</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
</head>
<body>
<noscript>The inspector of moult needs JavaScript.</noscript>
<script src="page.js"></script>
</body>
</html>
`;
