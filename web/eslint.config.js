import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import imports from 'eslint-plugin-import-x';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Imports lean one way, shared -> features -> app, and a feature never knows another: `app` joins them. */
const features = ['account', 'events', 'inbox', 'live', 'members', 'notifications', 'session'];
const walls = [
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: './src/features',
    except: [`./${name}`],
    message: 'A feature does not import another: let `app` join them.',
  })),
  { target: './src/features', from: './src/app', message: 'A feature does not know the app.' },
  {
    target: ['./src/api', './src/components', './src/i18n', './src/lib', './src/styles'],
    from: ['./src/features', './src/app'],
    message: 'What is shared knows neither features nor the app.',
  },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': imports },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'max-lines': ['error', 250],
      'no-console': 'error',
      'import-x/no-restricted-paths': ['error', { zones: walls }],
      'import-x/no-cycle': 'error',
      'import-x/order': [
        'error',
        {
          alphabetize: { order: 'asc' },
          'newlines-between': 'never',
          groups: ['builtin', 'external', 'internal', 'parent', 'sibling', 'index'],
          pathGroups: [{ pattern: '@/**', group: 'internal' }],
          pathGroupsExcludedImportTypes: [],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A router's redirect is thrown.
      '@typescript-eslint/only-throw-error': ['error', { allow: ['Redirect'] }],
    },
  },
  { files: ['*.js', 'public/*.js'], ...tseslint.configs.disableTypeChecked },
  {
    // A service worker: a program of its own that the browser loads as it is.
    files: ['public/*.js'],
    languageOptions: { globals: { self: 'readonly', URL: 'readonly' } },
  },
);
