#include "ui/pages/maps/overlay_figure.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map_figure.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

struct OverlayFigureWords {
    Q_DECLARE_TR_FUNCTIONS(OverlayFigure)
};

constexpr double overlayFigureSide = 150, overlayFigureLarge = 360, overlayFigureGap = 12, overlayFigureName = 18;  // logical px

class OverlayFigure : public Figure {
public:
    OverlayScene scene;
    std::vector<AttentionOverlay> overlays;
    int columns = 1;
    OverlayStrength strength = OverlayStrength::both;

    FigureTable table() const override {
        FigureTable result;
        result.header = {"name", "patch", "row", "column", "weight"};
        for (const AttentionOverlay& overlay : overlays)
            for (std::size_t i = 0; i < overlay.values.size(); ++i) {
                const int patch = static_cast<int>(i), across = scene.frame.columns();
                result.rows.push_back({overlay.name.toStdString(), std::to_string(patch), std::to_string(patch / across),
                                       std::to_string(patch % across),
                                       std::isnan(overlay.values[i]) ? std::string() : numberText(overlay.values[i])});
            }
        return result;
    }

protected:
    QSizeF bodySize(double width) const override {
        const double side = sideFor(width);
        return {columns * (side + overlayFigureGap), lines() * (side + overlayFigureGap + overlayFigureName) + figureScaleHeight};
    }

    void paintBody(QPainter& painter, double width) const override {
        const Theme& theme = Theme::instance();
        const double side = sideFor(width);
        for (std::size_t i = 0; i < overlays.size(); ++i) {
            const int at = static_cast<int>(i);
            const double left = (at % columns) * (side + overlayFigureGap);
            const double top = (at / columns) * (side + overlayFigureGap + overlayFigureName);
            painter.setFont(theme.font(TextSize::caption));
            painter.setPen(theme.color(Role::text));
            painter.drawText(QRectF(left, top, side, overlayFigureName), Qt::AlignLeft | Qt::AlignVCenter, overlays[i].name);
            paintOverlay(painter, QRectF(left, top + overlayFigureName, side, side), scene, overlays[i], strength);
        }
        const double below = lines() * (side + overlayFigureGap + overlayFigureName);
        paintFigureScale(painter, QPointF(0, below), scene.scaling, OverlayFigureWords::tr("weight"), columns * (side + overlayFigureGap));
    }

private:
    int lines() const { return (static_cast<int>(overlays.size()) + columns - 1) / columns; }
    double sideFor(double width) const {
        const double usual = overlays.size() == 1 ? overlayFigureLarge : overlayFigureSide;
        return width > 0 ? std::min(usual, width / columns - overlayFigureGap) : usual;
    }
};

}  // namespace

std::unique_ptr<Figure> overlayFigure(const OverlayScene& scene, const std::vector<AttentionOverlay>& overlays, int columns,
                                      OverlayStrength strength, const FigureSubject& subject) {
    auto figure = std::make_unique<OverlayFigure>();
    figure->scene = scene;
    figure->overlays = overlays;
    figure->columns = std::max(columns, 1);
    figure->strength = strength;
    figure->title = subject.run;
    const QString query = scene.queryPatch < 0 ? OverlayFigureWords::tr("the class token") : patchName(scene.frame, scene.queryPatch);
    figure->caption = sentences(
        {OverlayFigureWords::tr("What the query, %1, gives to each patch of its picture in '%2' after step %3.")
             .arg(query, subject.run, grouped(subject.step)),
         OverlayFigureWords::tr("Input: %1.").arg(subject.input),
         strength == OverlayStrength::both ? OverlayFigureWords::tr("The colours of the scale lie over the picture.") : QString()});
    return figure;
}

}  // namespace lab
