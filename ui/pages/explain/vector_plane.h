#pragma once

#include <QWidget>
#include <memory>

#include "core/analysis/explain/plane.h"
#include "ui/widgets/figure.h"

namespace lab {

/// The weighted sum as vectors: values scaled by their weights, tip to tail, in a plane; below it what the arrows are.
struct PlaneScene {
    explain::PlanePicture picture;
    QStringList axes;  ///< the plane's directions
    QString sum;       ///< "o_{5}"
    int query = 0;
    QStringList tokens;

    double legendHeight(bool withCaption = true) const;
    void paint(QPainter& painter, const QRectF& place) const;
    /// "This plane holds 97 % of the variance ..."
    QString caption() const;

private:
    void paintPlane(QPainter& painter, const QRectF& place) const;
    void paintValues(QPainter& painter, const QRectF& place, const QPointF& origin, double scale) const;
    void paintLegend(QPainter& painter, const QRectF& place, bool withCaption) const;
};

class VectorPlane : public QWidget {
    Q_OBJECT

public:
    explicit VectorPlane(QWidget* parent = nullptr);

    void setScene(const PlaneScene& scene);
    const PlaneScene& scene() const { return m_scene; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PlaneScene m_scene;
};

/// The same for paper.
std::unique_ptr<Figure> planeFigure(const PlaneScene& scene, const QString& title);

}  // namespace lab
