#pragma once

#include <QWidget>

#include "ui/widgets/figure.h"
#include "ui/widgets/matrix_scene.h"

namespace lab {

/// A stage's matrix as a picture, its rows to be chosen. Up and Down move from row to row, Left and Right from matrix to matrix, Enter or
/// a second click digs; what is multiplied under the mouse says its numbers.
class MatrixPicture : public QWidget {
    Q_OBJECT

public:
    explicit MatrixPicture(QWidget* parent = nullptr);

    void setStage(const explain::Stage& stage, const explain::CellRef& cell);
    void setSelected(const explain::CellRef& cell) { setStage(m_stage, cell); }
    const MatrixScene& scene() const { return m_scene; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void chosen(const lab::explain::CellRef& cell);
    void activated(const lab::explain::CellRef& cell);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(const explain::CellRef& cell);

    explain::Stage m_stage;
    explain::CellRef m_selected;
    MatrixScene m_scene;
};

/// The same for paper.
std::unique_ptr<Figure> matrixFigure(const explain::Stage& stage, const explain::CellRef& cell);

}  // namespace lab
