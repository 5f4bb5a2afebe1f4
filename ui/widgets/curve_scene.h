#pragma once

#include <QColor>
#include <QPointF>
#include <QRect>
#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

namespace lab {

/// What is written over stacked curves, in widget coordinates: everything but the curves, axes and grid themselves.
struct CurveScene {
    struct Label {
        double at = 0;  ///< y of a value label, x of a step label
        QString text;
    };
    struct Name {
        QRectF rect;
        QString text;
        QColor color;
    };
    struct Dot {
        QPointF at;
        QColor color;
    };
    struct Strip {
        QRect outer;  ///< with its margins
        QRect plot;   ///< inside the axes
        bool small = false;
        std::vector<Label> values;
        std::vector<Name> names;  ///< of curves and reference lines, where they are
        std::vector<Dot> dots;    ///< where the crosshair meets a curve
    };
    std::vector<Strip> strips;
    std::vector<Label> steps;
    std::optional<double> crosshair;
    QString flag;  ///< of the crosshair, on the step axis
    std::optional<double> shown;
    QString emptyTitle, emptyHelp;  ///< written into the first strip when not empty
};

/// A transparent sheet that paints a scene; lets the mouse through.
class CurveOverlay : public QWidget {
    Q_OBJECT

public:
    explicit CurveOverlay(QWidget* parent);
    void setScene(CurveScene scene);
    const CurveScene& scene() const { return m_scene; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    CurveScene m_scene;
};

void paintCurveScene(QPainter& painter, const CurveScene& scene);

}  // namespace lab
