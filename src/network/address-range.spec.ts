import { readAddressRange } from './address-range.js';

describe('a range of addresses', () => {
  it.each([
    ['10.20.0.0/16', '10.20.0.0/16'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:DB8:20::/48', '2001:db8:20::/48'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['2001:db8:0:0:0:0:0:0/32', '2001:db8:0:0:0:0:0:0/32'],
    ['64:ff9b::1.2.3.4/128', '64:ff9b::1.2.3.4/128'],
  ])('%s is %s', (text, network) => {
    expect(readAddressRange(text)).toEqual({ ok: true, network, isFirst: true });
  });

  it.each([
    ['10.20.0.1/16', false],
    ['10.20.128.0/16', false],
    ['10.20.128.0/17', true],
    ['2001:db8:20::1/48', false],
    ['2001:db8:20:8000::/49', true],
    ['64:ff9b::1.2.3.4/127', true],
    ['64:ff9b::1.2.3.5/127', false],
  ])('%s begins with its first address: %s', (text, isFirst) => {
    expect(readAddressRange(text)).toMatchObject({ ok: true, isFirst });
  });

  it.each([
    ['10.20.0.0/33', /at most 32/],
    ['2001:db8::/129', /at most 128/],
    ['10.0.0.0/7', /wider than \/8/],
    ['10.1', /not a range/],
    ['10.1.0.0/', /not a range/],
    ['10.1.0.0/-1', /not a range/],
    ['10.1.0.0/1e1', /not a range/],
    ['010.1.0.0/16', /not a range/],
    ["10.0.0.0/8'; --", /not a range/],
    ['0.0.0.0/0', /wider than \/8/],
    ['::/0', /wider than \/16/],
    ['::ffff:10.1.0.0/112', /IPv4 range written as IPv6/],
    ['0:0:0:0:0:ffff:a01:0/112', /IPv4 range written as IPv6/],
    ['10.20.0.0/16/8', /not a range/],
    ['10.20.300.0/24', /not a range/],
    ['fe80::1%eth0', /not a range/],
    ['10.20.0.0 - 10.20.0.255', /not a range/],
    ['=1+1', /not a range/],
    ['', /not a range/],
  ])('%j is refused', (text, message) => {
    expect(readAddressRange(text)).toMatchObject({ ok: false, message: expect.stringMatching(message) as string });
  });
});
