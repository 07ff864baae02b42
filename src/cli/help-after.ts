/** The end of `moult --help`. */
export const helpAfter = `
Examples:
  moult init                       write a configuration
  moult run change.json            make a change, check it, keep it or take it back
  moult plan - < change.json       plan only; then: moult show TASK, moult execute
  moult rollback TASK              take a kept change back

A request (change.json):
  { "description": "Greet politely",
    "changes": [{ "file": "src/greet.js", "type": "modify",
                  "edits": [{ "oldText": "Hi", "newText": "Good day" }] }] }

Exit codes:
  0   done
  1   rolled back or cancelled; every file is as it was
  2   refused; nothing was touched
  3   a rollback failed; a person has to see to it
  4   waiting for approval or confirmation
  70  an unexpected error; DEBUG=moult shows where it happened
  75  another improvement is in the way; try again later`;
