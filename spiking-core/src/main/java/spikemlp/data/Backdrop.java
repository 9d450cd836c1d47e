package spikemlp.data;

/**
 * The background of a drawn digit, its colours and the noise. The digit's luminance differs from
 * both background colours by at least {@link DrawingAmounts#contrast}. Not thread-safe.
 */
final class Backdrop {

  private static final int SIDE = DigitPainter.SIDE;

  /** Luminance of R, G and B (BT.601). */
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  /** How the two background colours are mixed. */
  private enum Pattern {
    PLAIN,
    GRADIENT,
    STRIPES,
    BLOBS,
    SPECKLES
  }

  private static final Pattern[] PATTERNS = Pattern.values();

  private final DrawingAmounts amounts;
  private final double[] mix = new double[SIDE * SIDE];

  Backdrop(DrawingAmounts amounts) {
    this.amounts = amounts;
  }

  /** Paints background and digit; pixels nearer to a line than {@code radius} are the digit. */
  void paint(SplitMix random, double[] squaredDistance, double radius, byte[] rgb) {
    double texture = random.between(0, amounts.texture());
    boolean lightOnDark = random.nextInt(2) == 0;
    double low = random.between(15, 240 - amounts.contrast() - texture);
    double high = random.between(low + texture + amounts.contrast(), 245);
    double[] first = colour(random, lightOnDark ? low : high);
    double[] second = colour(random, lightOnDark ? low + texture : high - texture);
    double[] ink = colour(random, lightOnDark ? high : low);
    mix(random);
    double noise = random.between(0, amounts.noise());
    for (int i = 0; i < SIDE * SIDE; i++) {
      double cover = radius + 0.5 - Math.sqrt(squaredDistance[i]);
      cover = Math.min(1, Math.max(0, cover));
      for (int c = 0; c < 3; c++) {
        double ground = first[c] + mix[i] * (second[c] - first[c]);
        double value = ground + cover * (ink[c] - ground) + noise * random.nextBell();
        rgb[3 * i + c] = (byte) Math.clamp((int) (value + 0.5), 0, 255);
      }
    }
  }

  /** A random colour of the given luminance: a random hue, moved along grey and then faded. */
  private static double[] colour(SplitMix random, double luminance) {
    double[] colour = new double[3];
    double own = 0;
    for (int c = 0; c < 3; c++) {
      colour[c] = random.between(0, 255);
      own += LUMA[c] * colour[c];
    }
    double room = 1;
    for (int c = 0; c < 3; c++) {
      double difference = colour[c] - own;
      double most = difference > 0 ? 255 - luminance : luminance;
      room = Math.min(room, most / Math.max(1e-9, Math.abs(difference)));
    }
    for (int c = 0; c < 3; c++) {
      colour[c] = luminance + room * (colour[c] - own);
    }
    return colour;
  }

  /** Fills {@link #mix} with values in [0, 1]. */
  private void mix(SplitMix random) {
    Pattern pattern = PATTERNS[random.nextInt(PATTERNS.length)];
    double angle = random.between(0, 6.2831853);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double period = random.between(5, 14);
    double phase = random.between(0, 1);
    double blobX = random.between(0, SIDE);
    double blobY = random.between(0, SIDE);
    double blobSize = random.between(36, 180);
    for (int y = 0, i = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++, i++) {
        double along = cos * (x - SIDE / 2.0) + sin * (y - SIDE / 2.0);
        mix[i] =
            switch (pattern) {
              case PLAIN -> 0;
              case GRADIENT -> Math.min(1, Math.max(0, 0.5 + along / (1.2 * SIDE)));
              case STRIPES -> stripe(along / period + phase);
              case BLOBS -> {
                double dx = x - blobX;
                double dy = y - blobY;
                yield blobSize / (blobSize + dx * dx + dy * dy);
              }
              case SPECKLES -> random.nextDouble();
            };
      }
    }
  }

  /** A triangle wave of period 1 between 0 and 1, its flanks steepened. */
  private static double stripe(double along) {
    double part = along - Math.floor(along);
    double triangle = Math.abs(2 * part - 1);
    return Math.min(1, Math.max(0, 2 * triangle - 0.5));
  }
}
