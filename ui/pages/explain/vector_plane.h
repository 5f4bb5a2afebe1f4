#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "core/explain/plane.h"
#include "ui/widgets/figure.h"

namespace lab {

/// The weighted sum as vectors: values scaled by their weights, tip to tail, in a plane; below it what the arrows are.
struct PlaneScene {
    explain::PlanePicture picture;
    QStringList axes;  ///< the plane's directions
    QString sum;       ///< "o_{5}"
    int query = 0;
    QStringList tokens;

    /// Where the names of the arrows stand, and that of their sum; null for an arrow too short for one.
    struct Names {
        std::vector<QRectF> arrows;
        QRectF sum;
    };
    Names names(const QRectF& place) const;
    /// What stands under the plane; where there is little room the caption is in the tooltip alone, then the legend has two columns.
    enum class Legend { captioned, plain, dense };
    double legendHeight(Legend form = Legend::captioned) const;
    Legend legendIn(double height) const;
    void paint(QPainter& painter, const QRectF& place) const;
    /// "This plane holds 97 % of the mean squared length ..."
    QString caption() const;

private:
    /// From the plane's numbers to the picture's points.
    struct Mapping {
        QPointF centre, middle;
        double scale = 1.0;
        QPointF operator()(double x, double y) const {
            return {centre.x() + (x - middle.x()) * scale, centre.y() - (y - middle.y()) * scale};
        }
    };
    Mapping mapping(const QRectF& place) const;
    void paintPlane(QPainter& painter, const QRectF& place) const;
    void paintValues(QPainter& painter, const QRectF& place, const QPointF& origin, double scale) const;
    void paintLegend(QPainter& painter, const QRectF& place, Legend form) const;
    void paintLegendRow(QPainter& painter, const QRectF& row, std::size_t index, bool withToken) const;
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
