import { configure } from '@testing-library/react';

// A loaded machine is no failure: what is waited for comes at once on a quiet one.
configure({ asyncUtilTimeout: 10_000 });
