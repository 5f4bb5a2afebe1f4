#pragma once

// How a picture goes into a file: what the window, the command line and the server offer alike.

namespace lab {

enum class FigureFormat { svg, pdf, png, csv };

struct FigureFormatSpec {
    const char* id;       ///< the end of a file's name
    const char* type;     ///< over HTTP
    bool isDrawn = true;  ///< else the numbers
};
/// In the order of FigureFormat.
inline constexpr FigureFormatSpec figureFormats[] = {
    {"svg", "image/svg+xml"}, {"pdf", "application/pdf"}, {"png", "image/png"}, {"csv", "text/csv", false}};

/// As wide as on screen, or as a column of a printed page, where all letters but those of crowded labels are of 8 pt.
enum class FigureWidth { screen, oneColumn, twoColumns };

struct FigureWidthSpec {
    const char* id;      ///< on the command line
    double millimetres;  ///< 0: as it comes
};
inline constexpr FigureWidthSpec figureWidths[] = {{"screen", 0}, {"one-column", 84}, {"two-columns", 174}};

constexpr int printTextPixels = 11;     ///< in the logical px of a picture as wide as a column, these are 8 pt
constexpr int smallestLabelPixels = 7;  ///< and these 5 pt: labels shrink so far to stand at every cell
constexpr double printPoints = 8, pointsAnInch = 72, pixelsAnInch = 96;

/// How wide a picture is, and whether title and caption stand around it.
struct FigureSheet {
    FigureWidth width = FigureWidth::screen;
    bool words = true;

    bool printed() const { return width != FigureWidth::screen; }
    double millimetres() const { return figureWidths[static_cast<int>(width)].millimetres; }
    /// px (96 to the inch) that a logical px of the picture takes.
    double unit() const { return printed() ? printPoints / pointsAnInch * pixelsAnInch / printTextPixels : 1.0; }
};

constexpr int usualDots = 2, mostDots = 8;

struct FigureStyle {
    double dots = usualDots;  ///< PNG: pixels for each logical one
    bool dark = false;        ///< in the dark theme's colours; paper is light
    FigureSheet sheet{};
};

}  // namespace lab
