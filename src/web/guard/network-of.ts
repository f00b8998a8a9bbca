/** Whom an address stands for where addresses are counted: whoever has one IPv6 address has all of its /64. */
export function networkOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address;
  return address.split(":").slice(0, 4).join(":");
}
