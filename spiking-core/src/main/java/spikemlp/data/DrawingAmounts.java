package spikemlp.data;

/**
 * How much drawn digits vary; lengths in pixels of the 32×32 picture, colours in steps of a byte.
 * What makes the task harder or easier is all here.
 *
 * @param size the mean height of a digit
 * @param rotationDegrees a digit is turned by up to this, either way
 * @param scale its height and width are changed by up to this share, together
 * @param stretch its width alone, further, by up to this share
 * @param shear it leans by up to this, sideways pixels per pixel of height
 * @param shift its centre is moved by up to this along each axis
 * @param jitter each control point of a stroke is moved by up to this
 * @param wave a smooth distortion of two crossed waves moves points by up to this
 * @param thinnest the least width of strokes
 * @param thickest the greatest width of strokes
 * @param contrast the least difference of luminance between digit and background
 * @param texture how far the second colour of a background is from the first, at most
 * @param noise the greatest standard deviation of the noise on every pixel
 */
record DrawingAmounts(
    double size,
    double rotationDegrees,
    double scale,
    double stretch,
    double shear,
    double shift,
    double jitter,
    double wave,
    double thinnest,
    double thickest,
    double contrast,
    double texture,
    double noise) {

  /** Moderate: readable to a person at a glance, varied enough that a network must generalise. */
  static final DrawingAmounts MODERATE =
      new DrawingAmounts(19, 15, 0.2, 0.12, 0.15, 3, 0.7, 0.9, 2.0, 4.2, 80, 60, 10);
}
