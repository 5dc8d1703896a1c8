import { canonicalQuery, presignS3 } from './s3-presign.js';

test('a link is signed as the documentation of Signature 4 does it', () => {
  const link = presignS3({
    method: 'GET',
    origin: 'https://examplebucket.s3.amazonaws.com',
    path: '/test.txt',
    query: {},
    headers: {},
    region: 'us-east-1',
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    expiresSeconds: 86_400,
    now: new Date('2013-05-24T00:00:00Z'),
  });
  expect(link).toBe(
    'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
      '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z' +
      '&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

test('a query is sorted and encoded to the last character', () => {
  expect(canonicalQuery({ b: "a b/(c)'*!", 'a-b': 'ü', A: '' })).toBe('A=&a-b=%C3%BC&b=a%20b%2F%28c%29%27%2A%21');
});
