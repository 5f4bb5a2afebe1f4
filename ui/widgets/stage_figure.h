#pragma once

#include "ui/widgets/desk_scene.h"
#include "ui/widgets/figure.h"

namespace lab {

/// A stage of the explainer for paper: its formula, the live expression of one cell, and all its cells with their colour scales.
class StageFigure : public Figure {
public:
    /// `cell`: whose expression is written out.
    StageFigure(explain::Stage stage, const explain::CellRef& cell);

    FigureTable table() const override;

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    DeskScene scene() const;
    DeskScene::View viewOf(const DeskScene& scene) const;
    QString expression() const;

    explain::Stage m_stage;
    explain::CellRef m_cell;
};

}  // namespace lab
