export { SignIn } from './SignIn';
export { readClaims } from './token';
export { useSession } from './useSession';
