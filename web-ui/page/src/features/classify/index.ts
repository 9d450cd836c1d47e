export { ClassifyPage } from './ClassifyPage';
