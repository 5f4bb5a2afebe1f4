#pragma once

#include <QColor>
#include <QRectF>
#include <QString>
#include <string>
#include <vector>

#include "core/io/figure_style.h"

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

    /// In logical px, with everything.
    virtual QSizeF size(const FigureSheet& sheet = {}) const;
    virtual void paint(QPainter& painter, const FigureSheet& sheet = {}) const;
    virtual FigureTable table() const = 0;

protected:
    /// Without title, caption and margin. `width`: what there is room for, 0 as on screen; a body that stays wider is made smaller.
    virtual QSizeF bodySize(double width) const = 0;
    /// From (0, 0) on. Text as text, cells as rectangles, and nothing that leans on clipping: Qt's SVG files know none.
    virtual void paintBody(QPainter& painter, double width) const = 0;
};

/// A thin line along the inside of a rectangle, one element in vector files.
void drawOutline(QPainter& painter, const QRectF& rect, const QColor& color);

}  // namespace lab
