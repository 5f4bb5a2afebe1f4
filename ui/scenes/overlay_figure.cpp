#include "ui/scenes/overlay_figure.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cassert>
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
    std::vector<OverlayScene> scenes;  ///< at least one
    int columns = 1;
    OverlayStrength strength = OverlayStrength::both;

    FigureTable table() const override {
        FigureTable result;
        result.header = {"name", "patch", "row", "column", scenes.front().change ? "change" : "weight"};
        for (const OverlayScene& scene : scenes)
            for (const AttentionOverlay& overlay : scene.overlays) addRows(result, scene.frame, overlay);
        return result;
    }

protected:
    QSizeF bodySize(double width) const override {
        const double side = sideFor(width);
        return {columns * (side + overlayFigureGap), lines() * (side + overlayFigureGap + overlayFigureName) + figureScaleHeight};
    }

    void paintBody(QPainter& painter, double width) const override {
        const double side = sideFor(width), pitch = side + overlayFigureGap;
        int at = 0;
        for (const OverlayScene& scene : scenes)
            for (const AttentionOverlay& overlay : scene.overlays) {
                const QPointF corner((at % columns) * pitch, (at / columns) * (pitch + overlayFigureName));
                paintOne(painter, QRectF(corner, QSizeF(side, side + overlayFigureName)), scene, overlay);
                ++at;
            }
        const QString quantity = scenes.front().change ? OverlayFigureWords::tr("change of weight") : OverlayFigureWords::tr("weight");
        paintFigureScale(painter, QPointF(0, lines() * (pitch + overlayFigureName)), scenes.front().scaling, quantity, columns * pitch);
    }

private:
    static void addRows(FigureTable& table, const PictureFrame& frame, const AttentionOverlay& overlay) {
        for (std::size_t i = 0; i < overlay.values.size(); ++i) {
            const int patch = static_cast<int>(i), across = frame.columns();
            table.rows.push_back({overlay.name.toStdString(), std::to_string(patch), std::to_string(patch / across),
                                  std::to_string(patch % across),
                                  std::isnan(overlay.values[i]) ? std::string() : numberText(overlay.values[i])});
        }
    }
    void paintOne(QPainter& painter, const QRectF& room, const OverlayScene& scene, const AttentionOverlay& overlay) const {
        const Theme& theme = Theme::instance();
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(room.topLeft(), QSizeF(room.width(), overlayFigureName)), Qt::AlignLeft | Qt::AlignVCenter, overlay.name);
        paintOverlay(painter, room.adjusted(0, overlayFigureName, 0, 0), scene, overlay, strength);
    }
    int count() const {
        std::size_t all = 0;
        for (const OverlayScene& scene : scenes) all += scene.overlays.size();
        return static_cast<int>(all);
    }
    int lines() const { return (count() + columns - 1) / columns; }
    double sideFor(double width) const {
        const double usual = count() == 1 ? overlayFigureLarge : overlayFigureSide;
        return width > 0 ? std::min(usual, width / columns - overlayFigureGap) : usual;
    }
};

}  // namespace

std::unique_ptr<Figure> overlayFigure(std::vector<OverlayScene> scenes, int columns, OverlayStrength strength,
                                      const FigureSubject& subject) {
    assert(!scenes.empty());
    auto figure = std::make_unique<OverlayFigure>();
    const QString query = queryName(scenes.front());
    figure->scenes = std::move(scenes);
    figure->columns = std::max(columns, 1);
    figure->strength = strength;
    figure->title = subject.run;
    figure->caption = sentences(
        {OverlayFigureWords::tr("What the query, %1, gives to each patch of its picture in '%2' after step %3.")
             .arg(query, subject.run, grouped(subject.step)),
         OverlayFigureWords::tr("Input: %1.").arg(subject.input),
         strength == OverlayStrength::both ? OverlayFigureWords::tr("The colours of the scale lie over the picture.") : QString()});
    return figure;
}

}  // namespace lab
