#pragma once

#include <QWidget>

#include "core/explain/statements/drawing.h"

namespace lab {

/// A statement's small picture: bars, a matrix, curves, vectors or boxes, its title above it.
class DrawingView : public QWidget {
    Q_OBJECT

public:
    explicit DrawingView(QWidget* parent = nullptr);

    void setDrawing(const explain::Drawing& drawing);
    const explain::Drawing& drawing() const { return m_drawing; }
    /// Wants a line of its own.
    bool wide() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    explain::Drawing m_drawing;
};

}  // namespace lab
