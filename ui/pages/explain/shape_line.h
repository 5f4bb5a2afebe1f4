#pragma once

#include <QWidget>

#include "core/explain/shapes.h"

namespace lab {

class Button;

/// The stage's tensors in one line, their axes with sizes, and the way to all of them. A sign before each tells weights and activations.
class ShapeLine : public QWidget {
    Q_OBJECT

public:
    explicit ShapeLine(QWidget* parent = nullptr);

    /// Null: nothing is known of the stage's tensors, and the line is empty.
    void setStage(const explain::StageShapes* stage, const explain::AxisSizes& sizes);
    /// As a screen reader says it.
    QString text() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, 0}; }

signals:
    void opened();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_line;
    Button* m_button;
};

/// What the signs of tensors mean, a line each, as rich text.
QString tensorKindsHelp();

}  // namespace lab
