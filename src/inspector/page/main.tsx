import { render } from 'preact';
import './style/index.css';

render(<p>hi</p>, document.body);
