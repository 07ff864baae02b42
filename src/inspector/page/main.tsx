import { render } from 'preact';
import { App } from './shell/app.js';
import { findSource } from './source/find-source.js';
import './style/index.css';

render(<App source={findSource(document)} />, document.body);
