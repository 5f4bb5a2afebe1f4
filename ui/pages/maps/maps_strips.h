#pragma once

#include <QWidget>

#include "core/model/model.h"
#include "core/model/trace.h"
#include "ui/scenes/maps_figures.h"
#include "ui/widgets/export_panel.h"

class QCheckBox;

namespace lab {

class BucketStrip;
class DepthStrip;
class ExpertStrip;
struct MapsBlock;
struct FigureSubject;
struct MapsScene;
struct ModelConfig;

/// What stands below the maps, token by token, where the model has it: the experts that each goes through, the steps that each takes, and
/// into which buckets the head in hand hashes them.
class MapsStrips : public QWidget {
    Q_OBJECT

public:
    explicit MapsStrips(QWidget* parent = nullptr);

    /// Of a scene and its trace.
    void look(const MapsScene& scene, const Trace& trace, const ModelConfig& model);
    void clear();
    /// The head in hand.
    void lookAt(const MapsBlock& block, const Trace& trace, int head);
    /// Not while something else stands in for the maps.
    void setShown(bool shown);
    /// What stands here, for pictures and films of the maps: of any moment of the same model, with the head in hand.
    MapsFooters footers(const std::shared_ptr<const Model>& model, int block, int head) const;
    void addFigures(std::vector<FigureOffer>& offers, const FigureSubject& subject) const;
    /// px that they take from the page.
    int takenHeight() const { return isHidden() ? 0 : sizeHint().height(); }

signals:
    /// takenHeight() is another.
    void heightChanged();

private:
    void arrange();

    ExpertStrip* m_experts;
    DepthStrip* m_depth;
    BucketStrip* m_buckets;
    QCheckBox* m_sorted;
    bool m_shown = false;
    int m_taken = 0;
};

}  // namespace lab
