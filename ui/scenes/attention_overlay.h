#pragma once

#include <QImage>
#include <QRectF>
#include <QString>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/pictures/patches.h"
#include "ui/scenes/maps_scene.h"
#include "ui/widgets/color_map.h"

class QPainter;

namespace lab {

/// How strongly the colours of weights lie over the picture: not at all, so that the picture is seen through, fully.
enum class OverlayStrength { picture, both, weights };

/// What one query gives to the patches of its picture, or how much more than another.
struct AttentionOverlay {
    QString name;  ///< "L0 H1", "rollout to layer 1"
    int block = 0;
    int head = -1;                     ///< -1: rollout, all heads of the layers up to `block` together
    std::vector<float> values;         ///< one a patch; not a number where the query may not look
    std::optional<double> classValue;  ///< what it gives to the class token

    bool isRollout() const { return head < 0; }
};

/// The picture of an input, and what every head makes of it under one query.
struct OverlayScene {
    QImage picture;
    PictureFrame frame;
    int query = 0;                           ///< position
    int queryPatch = -1;                     ///< -1: it is the class token
    ColorScaling scaling;                    ///< common to all
    bool change = false;                     ///< the values are differences of weights
    std::vector<AttentionOverlay> overlays;  ///< layer by layer, heads, then rollout where it is known
    int heads = 0;                           ///< of a layer

    bool empty() const { return picture.isNull() || overlays.empty(); }
    /// The one of this head, of the rollout of its layer; null: there is none.
    const AttentionOverlay* find(int block, int head) const;
};

/// Whether the run attends to patches of pictures.
bool looksAtPictures(const Run* run);
/// Where a patch stands in what the model reads; -1: the class token. Nothing where there is none.
std::optional<int> positionOfPatch(const ModelConfig& model, int patch);

/// Empty where nothing is cut from pictures. Rollout is added where sequences are short enough to be computed at once and weights are
/// shares.
OverlayScene overlayScene(const Run& run, const MapsScene& scene, const std::shared_ptr<const Trace>& trace, int query);

/// The picture with what one head's `map` gives it under the query of this patch; empty where the model has no such query, or reads
/// other patches.
OverlayScene overlayOfMap(const Run& run, const std::shared_ptr<const Trace>& trace, const MapData& map, int patch);
/// What the first overlay of `other` gives more than that of `first` to each patch, on a scale of its own; what one of them may not look at
/// gets nothing from it. Empty where it is not one picture that is cut alike.
OverlayScene overlayChange(const OverlayScene& first, const OverlayScene& other);
/// One scale for all of them, as far as the largest value of any; with `anySign` as far below 0.
ColorScaling commonScaling(std::span<const OverlayScene> scenes, bool anySign);

/// Picture and colours in a square-pixelled part of `room`, which is returned. The query's patch is framed.
QRectF paintOverlay(QPainter& painter, const QRectF& room, const OverlayScene& scene, const AttentionOverlay& overlay,
                    OverlayStrength strength);
/// Where the picture lies in its room.
QRectF overlayRect(const QRectF& room, const PictureFrame& frame);
/// The field of a patch: its pixels, or of patches that overlap the middle ones that are its own.
QRectF patchField(const QRectF& picture, const PictureFrame& frame, int patch);
/// -1 outside all.
int patchAt(const QRectF& picture, const PictureFrame& frame, const QPointF& position);
/// "patch 5, row 1, column 2".
QString patchName(const PictureFrame& frame, int patch);
/// "class token", or the name of the query's patch.
QString queryName(const OverlayScene& scene);

}  // namespace lab
