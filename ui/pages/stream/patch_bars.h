#pragma once

#include <QWidget>

#include "ui/widgets/figure.h"

namespace lab {

/// The measure of the corrupted run, of the patched one and of the clean one.
struct PatchBarsScene {
    struct Bar {
        QString name;
        double value = 0;
        bool patched = false;
    };
    QString quantity;
    std::vector<Bar> bars;
};

/// As bars on one axis; the two runs as dashed lines, between which the patched one is read.
class PatchBars : public QWidget {
    Q_OBJECT

public:
    explicit PatchBars(QWidget* parent = nullptr);

    void setScene(const PatchBarsScene& scene);
    const PatchBarsScene& scene() const { return m_scene; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PatchBarsScene m_scene;
};

class PatchBarsFigure : public Figure {
public:
    PatchBarsScene scene;

    FigureTable table() const override;

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;
};

}  // namespace lab
