#pragma once

#include <QColor>
#include <QPixmap>
#include <QPointF>
#include <QRect>
#include <QString>
#include <QWidget>
#include <functional>
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

/// Shows a still picture, made when it is first painted, and a scene over it.
class CurveCanvas : public QWidget {
    Q_OBJECT

public:
    /// `paintStill` sets the still.
    CurveCanvas(QWidget* parent, std::function<void()> paintStill);
    /// A null one is to be painted.
    void setStill(QPixmap still);
    void setScene(CurveScene scene);
    const CurveScene& scene() const { return m_scene; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::function<void()> m_paintStill;
    QPixmap m_still;
    CurveScene m_scene;
};

/// Where a plot without curves says so.
QRect emptyBox(const QRect& plot, const QString& title, const QString& help);
void paintCurveScene(QPainter& painter, const CurveScene& scene);

}  // namespace lab
