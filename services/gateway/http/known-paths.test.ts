import { KnownPaths } from './known-paths.js';

const paths = new KnownPaths();
paths.learn(['GET', 'HEAD'], '/api/v1/projects/:project_id');
paths.learn('PUT', '/api/v1/projects/:project_id');
paths.learn('GET', '/api/v1/projects/feed');
paths.learn('GET', '/docs/*');
paths.learn('GET', '/api/v1/openapi.json');
paths.learn('GET', '/');
paths.learn('OPTIONS', '*');

test.each([
  ['/api/v1/projects/p1', ['GET', 'HEAD', 'PUT']],
  ['/api/v1/projects/p1/?x=/a/b', ['GET', 'HEAD', 'PUT']],
  ['/api/v1/projects/feed', ['GET', 'HEAD', 'PUT']],
  ['/docs/a/b.css', ['GET']],
  ['/api/v1/openapi.json', ['GET']],
  ['/api/v1/openapiXjson', []],
  ['/', ['GET']],
  ['/?x', ['GET']],
  ['/api/v1/projects/', []],
  ['/api/v1/projects/p1/more', []],
  ['/nope', []],
])('%s answers to %j', (url, methods) => {
  expect(paths.methodsOf(url)).toEqual(methods);
});
