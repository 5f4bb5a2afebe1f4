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
#include "ui/scenes/stage_maps.h"
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

/// Picture and query of what a trace has read; without overlays.
OverlayScene sceneOfPicture(const SequenceWords& words, const Input& input, int query) {
    OverlayScene scene;
    scene.frame = *words.pictures();
    scene.picture = pictureImage(scene.frame, patchesOf(words, input));
    scene.query = std::clamp(query, 0, static_cast<int>(input.tokens.size()) - 1);
    scene.queryPatch = words.patchAt(input, static_cast<std::size_t>(scene.query));
    return scene;
}

/// Where neither may look there is no change.
float overlayChangeOf(float first, float other) {
    if (std::isnan(first) && std::isnan(other)) return overlayMasked;
    return (std::isnan(other) ? 0 : other) - (std::isnan(first) ? 0 : first);
}

}  // namespace

const AttentionOverlay* OverlayScene::find(int block, int head) const {
    const auto found =
        std::ranges::find_if(overlays, [&](const AttentionOverlay& each) { return each.block == block && each.head == head; });
    return found == overlays.end() ? nullptr : &*found;
}

bool looksAtPictures(const Run* run) {
    return run && run->dataset()->pictures() && !run->model()->attentionBlocks().empty();
}

std::optional<int> positionOfPatch(const ModelConfig& model, int patch) {
    const int first = model.class_token ? 1 : 0;
    return patch + first < 0 ? std::nullopt : std::optional(patch + first);
}

OverlayScene overlayScene(const Run& run, const MapsScene& scene, const std::shared_ptr<const Trace>& trace, int query) {
    const SequenceWords words(run);
    if (!words.pictures() || !trace || scene.empty()) return {};
    const Input input = inputOf(*trace);
    const bool hasClass = words.model().class_token;
    OverlayScene result = sceneOfPicture(words, input, query);
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
    result.scaling = commonScaling({&result, 1}, scene.hasSignedWeights());
    return result;
}

OverlayScene overlayOfMap(const Run& run, const std::shared_ptr<const Trace>& trace, const MapData& map, int patch) {
    const SequenceWords words(run);
    const std::optional<int> query = positionOfPatch(words.model(), patch);
    if (!words.pictures() || !trace || map.empty() || !query || *query >= map.rows) return {};
    OverlayScene scene = sceneOfPicture(words, inputOf(*trace), *query);
    if (scene.picture.isNull()) return {};  // its patches are not those of this run's pictures
    scene.heads = 1;
    scene.overlays.push_back({run.name(), 0, 0, {}, {}});
    fillOverlay(scene.overlays.back(), rowOf(map, scene.query), words.model().class_token);
    scene.scaling = commonScaling({&scene, 1}, hasSignedWeights(run));
    return scene;
}

OverlayScene overlayChange(const OverlayScene& first, const OverlayScene& other) {
    if (first.empty() || other.empty() || first.frame != other.frame || first.picture != other.picture) return {};
    const AttentionOverlay &before = first.overlays.front(), &after = other.overlays.front();
    if (before.values.size() != after.values.size()) return {};
    OverlayScene scene = first;
    scene.change = true;
    AttentionOverlay change = before;
    change.name = OverlayWords::tr("%1 \u2212 %2").arg(after.name, before.name);
    std::ranges::transform(before.values, after.values, change.values.begin(), overlayChangeOf);
    change.classValue.reset();
    if (before.classValue && after.classValue) change.classValue = *after.classValue - *before.classValue;
    scene.overlays = {std::move(change)};
    scene.scaling = commonScaling({&scene, 1}, true);
    return scene;
}

ColorScaling commonScaling(std::span<const OverlayScene> scenes, bool anySign) {
    double largest = 0;
    for (const OverlayScene& scene : scenes)
        for (const AttentionOverlay& overlay : scene.overlays)
            for (const float value : overlay.values)
                if (std::isfinite(value)) largest = std::max(largest, std::abs(static_cast<double>(value)));
    const double bound = scaleBound(largest);
    return anySign ? ColorScaling{ColorMap::Kind::balance, -bound, bound} : ColorScaling{ColorMap::Kind::trace, 0, bound};
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

QString queryName(const OverlayScene& scene) {
    return scene.queryPatch < 0 ? OverlayWords::tr("class token") : patchName(scene.frame, scene.queryPatch);
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
