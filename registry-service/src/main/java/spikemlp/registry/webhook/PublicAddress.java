package spikemlp.registry.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Tells addresses of the public Internet from those that mean this machine or its network, by the
 * special-purpose registries of RFC 6890. IPv6 addresses that carry an IPv4 address count as it.
 */
final class PublicAddress {

  private PublicAddress() {}

  static boolean is(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> isPublic(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff);
      case Inet6Address _ -> isPublic(bytes);
      default -> false;
    };
  }

  private static boolean isPublic(int a, int b, int c) {
    return !(a == 0
        || a == 10
        || a == 127
        || (a == 100 && b >= 64 && b < 128) // carriers' own
        || (a == 169 && b == 254)
        || (a == 172 && b >= 16 && b < 32)
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113)
        || a >= 224);
  }

  private static boolean isPublic(byte[] bytes) {
    int first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    int second = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
    if (first == 0x2002) { // 6to4
      return isPublic(bytes[2] & 0xff, bytes[3] & 0xff, bytes[4] & 0xff);
    }
    if (first == 0x0064 && second == 0xff9b) { // NAT64
      return isPublic(bytes[12] & 0xff, bytes[13] & 0xff, bytes[14] & 0xff);
    }
    boolean global = (first & 0xe000) == 0x2000;
    boolean special = first == 0x2001 && (second < 0x0200 || second == 0x0db8);
    return global && !special;
  }
}
