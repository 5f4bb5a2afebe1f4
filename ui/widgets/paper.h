#pragma once

#include <QString>
#include <functional>

class QPainter;

namespace lab {

/// Paper, A4 upright, as hand-outs and guides have it: measures in logical px, of which one is `points` pt, so that no letter of a text is
/// smaller than 8 pt. A page's last `foot` px say what it is and which.
namespace paper {

constexpr double points = 0.8, margin = 52, foot = 24;
constexpr double wide = 595 / points - 2 * margin, high = 842 / points - 2 * margin;

}  // namespace paper

/// What is on a paper: its pages, painted from (0, 0) to (wide, high - foot).
struct PaperPages {
    QString title;
    int count = 0;
    std::function<void(QPainter& painter, int page)> paint;
};

/// One of its pages with its foot.
void paintPaper(QPainter& painter, const PaperPages& pages, int page);

/// Writes the whole PDF, or leaves what was there as it was; throws InputError naming the file and the reason. `make` is called, and its
/// pages are painted, in the colours of paper.
void writePaper(const QString& path, const std::function<PaperPages()>& make);

}  // namespace lab
