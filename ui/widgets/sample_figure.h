#pragma once

#include <vector>

#include "ui/widgets/figure.h"
#include "ui/widgets/sample_table.h"

namespace lab {

/// Rows of answers as a picture for paper: every token of every row, wrong ones struck out on a tinted ground, the count of right ones at
/// the end.
class SampleFigure : public Figure {
public:
    QString labels;  ///< what the rows' labels are: "step"
    std::vector<SampleTable::Row> rows;
    int leastRows = 0;    ///< room for so many
    FigureTable numbers;  ///< from whoever knows the targets

    FigureTable table() const override { return numbers; }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    struct Measures {
        double label = 0;  ///< width of the label column
        double cell = 0;   ///< width of a token with its gap
        int perLine = 1;   ///< tokens; longer rows go on below
        int lines = 1;     ///< of each row
    };
    Measures measures(double width) const;
    void paintRow(QPainter& painter, const SampleTable::Row& row, const Measures& m, double top) const;
    void paintCell(QPainter& painter, const QRectF& place, const SampleTable::Cell& cell) const;
};

}  // namespace lab
