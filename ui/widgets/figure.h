#pragma once

#include <QColor>
#include <QRectF>
#include <QString>
#include <string>
#include <vector>

class QPainter;

namespace lab {

/// The numbers of a figure as a spreadsheet takes them: each the shortest text that reads back as the same value.
struct FigureTable {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

/// Comma-separated, lines ending in LF; cells with commas, quotes or line ends stand in quotes (RFC 4180).
std::string csvText(const FigureTable& table);
/// Tab-separated, for the clipboard.
std::string tabText(const FigureTable& table);

/// A picture for paper, complete by itself: title, axes, labels, scale and a caption that says what it shows. Drawn in the theme's colours
/// at 100 %: hold a PrintTheme while measuring or painting (figure_file.h does).
class Figure {
public:
    virtual ~Figure() = default;

    QString title;
    QString caption;

    /// In logical px.
    virtual QSizeF size() const = 0;
    /// Text as text, cells as rectangles, and nothing that leans on clipping: Qt's SVG files know none.
    virtual void paint(QPainter& painter) const = 0;
    virtual FigureTable table() const = 0;
};

// What all figures share.

constexpr double figureMargin = 16, figureTitleHeight = 28, figureCaptionGap = 8;

/// Of the whole figure around a body of this size, title and caption included.
QSizeF figureSize(const Figure& figure, const QSizeF& body);
/// Ground, title at the top, caption at the bottom of a figure of this size.
void paintFigureFrame(QPainter& painter, const Figure& figure, const QSizeF& whole);
/// A thin line along the inside of a rectangle, one element in vector files.
void drawOutline(QPainter& painter, const QRectF& rect, const QColor& color);

}  // namespace lab
