#include "ui/scenes/attention_overlay.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/map_stage.h"
#include "core/analysis/rollout.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/scenes/sequence_words.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

struct OverlayWords {
    Q_DECLARE_TR_FUNCTIONS(AttentionOverlay)
};

constexpr int mostRolled = 150;  // positions: n^3 a layer at once
constexpr double seeThrough = 0.62;
constexpr float overlayMasked = std::numeric_limits<float>::quiet_NaN();

/// One row of weights as values of patches and of the class token before them.
void fillOverlay(AttentionOverlay& overlay, const std::vector<float>& row, bool hasClass) {
    if (hasClass && !row.empty()) overlay.classValue = static_cast<double>(row.front());
    overlay.values.assign(row.begin() + (hasClass ? 1 : 0), row.end());
}

std::vector<float> rowOf(const MapData& map, int query) {
    std::vector<float> row;
    for (int key = 0; key < map.columns; ++key) row.push_back(map.masked(query, key) ? overlayMasked : map.value(query, key));
    return row;
}

AttentionOverlay rolloutOverlay(const AttentionMatrix& rolled, int block, int query, bool hasClass) {
    AttentionOverlay overlay{OverlayWords::tr("rollout to layer %1").arg(block), block, -1, {}, {}};
    std::vector<float> row;
    for (int key = 0; key < rolled.n; ++key) row.push_back(static_cast<float>(rolled(query, key)));
    fillOverlay(overlay, row, hasClass);
    return overlay;
}

ColorScaling scalingOfAll(const std::vector<AttentionOverlay>& overlays, bool anySign) {
    double largest = 0;
    for (const AttentionOverlay& overlay : overlays)
        for (const float value : overlay.values)
            if (std::isfinite(value)) largest = std::max(largest, std::abs(static_cast<double>(value)));
    const double bound = scaleBound(largest);
    return anySign ? ColorScaling{ColorMap::Kind::balance, -bound, bound} : ColorScaling{ColorMap::Kind::trace, 0, bound};
}

}  // namespace

const AttentionOverlay* OverlayScene::find(int block, int head) const {
    const auto found =
        std::ranges::find_if(overlays, [&](const AttentionOverlay& each) { return each.block == block && each.head == head; });
    return found == overlays.end() ? nullptr : &*found;
}

OverlayScene overlayScene(const Run& run, const MapsScene& scene, const std::shared_ptr<const Trace>& trace, int query) {
    OverlayScene result;
    const SequenceWords words(run);
    if (!words.pictures() || !trace || scene.empty()) return result;
    const Input input = inputOf(*trace);
    const bool hasClass = words.model().class_token;
    result.frame = *words.pictures();
    result.picture = pictureImage(result.frame, patchesOf(words, input));
    result.query = std::clamp(query, 0, static_cast<int>(input.tokens.size()) - 1);
    result.queryPatch = words.patchAt(input, static_cast<std::size_t>(result.query));
    std::vector<AttentionMatrix> rolled;
    if (!scene.hasSignedWeights() && std::ssize(input.tokens) <= mostRolled)
        rolled = rollout(residualAttention(*run.model(), *trace, scene.blocks.front().info.side));
    for (std::size_t b = 0; b < scene.blocks.size(); ++b) {
        const MapsBlock& block = scene.blocks[b];
        result.heads = std::max(result.heads, block.info.heads);
        for (int head = 0; head < block.info.heads; ++head) {
            const MapsHead& shown = block.heads[static_cast<std::size_t>(head)];
            result.overlays.push_back({shown.name, static_cast<int>(b), head, {}, {}});
            fillOverlay(result.overlays.back(), rowOf(shown.weights, result.query), hasClass);
        }
        if (b < rolled.size()) result.overlays.push_back(rolloutOverlay(rolled[b], static_cast<int>(b), result.query, hasClass));
    }
    result.scaling = scalingOfAll(result.overlays, scene.hasSignedWeights());
    return result;
}

QRectF overlayRect(const QRectF& room, const PictureFrame& frame) {
    const double pixel = std::min(room.width() / frame.width, room.height() / frame.height);
    const double whole = pixel >= 1 ? std::floor(pixel) : pixel;
    const QSizeF size(whole * frame.width, whole * frame.height);
    return {QPointF(std::floor(room.center().x() - size.width() / 2), std::floor(room.center().y() - size.height() / 2)), size};
}

QRectF patchField(const QRectF& picture, const PictureFrame& frame, int patch) {
    const PatchCell cell = cellOf(frame, patch);
    const double side = std::min(frame.patch, frame.stride), inset = (cell.side - side) / 2;
    const double x = picture.width() / frame.width, y = picture.height() / frame.height;
    return {picture.left() + (cell.x + inset) * x, picture.top() + (cell.y + inset) * y, side * x, side * y};
}

int patchAt(const QRectF& picture, const PictureFrame& frame, const QPointF& position) {
    for (int patch = 0; patch < frame.patches(); ++patch)
        if (patchField(picture, frame, patch).contains(position)) return patch;
    return -1;
}

QString patchName(const PictureFrame& frame, int patch) {
    return OverlayWords::tr("patch %1, row %2, column %3").arg(patch).arg(patch / frame.columns()).arg(patch % frame.columns());
}

QRectF paintOverlay(QPainter& painter, const QRectF& room, const OverlayScene& scene, const AttentionOverlay& overlay,
                    OverlayStrength strength) {
    const Theme& theme = Theme::instance();
    const QRectF picture = overlayRect(room, scene.frame);
    painter.drawImage(picture, scene.picture);
    const int patches = std::min(scene.frame.patches(), static_cast<int>(overlay.values.size()));
    for (int patch = 0; patch < patches && strength != OverlayStrength::picture; ++patch) {
        const QRectF field = patchField(picture, scene.frame, patch);
        const float value = overlay.values[static_cast<std::size_t>(patch)];
        if (std::isnan(value)) {
            drawHatch(painter, field);
            continue;
        }
        QColor color = QColor::fromRgb(scene.scaling.color(static_cast<double>(value)));
        color.setAlphaF(strength == OverlayStrength::both ? static_cast<float>(seeThrough) : 1.0F);
        painter.fillRect(field, color);
    }
    drawFrame(painter, picture, 0, theme.color(Role::controlBorder));
    if (scene.queryPatch >= 0) {
        const QRectF field = patchField(picture, scene.frame, scene.queryPatch);
        drawFrame(painter, field.adjusted(-1, -1, 1, 1), 0, theme.color(Role::screen), Qt::transparent, theme.px(3));
        drawFrame(painter, field, 0, theme.color(Role::accent), Qt::transparent, theme.px(2));
    }
    return picture;
}

}  // namespace lab
