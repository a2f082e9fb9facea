import { render } from 'preact';
import { look } from './overview.ts';
import { Page } from './page.tsx';

render(<Page />, document.getElementById('inspector')!);
look();
