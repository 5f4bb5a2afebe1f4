#pragma once

#include <QPointer>
#include <functional>
#include <memory>
#include <vector>

#include "ui/runs/focus.h"
#include "ui/scenes/stage_maps.h"
#include "ui/widgets/film.h"
#include "ui/widgets/map/map_figure.h"

// The Maps page's pictures for paper.

namespace lab {

/// What they are pictures of.
struct MapsSubject {
    MapSubject words;
    MapsScene scene;
    StageMaps maps;
    std::shared_ptr<const Trace> trace;
};

/// Names the run, the step and the tokens of the trace.
MapsSubject mapsSubject(const Run& run, const std::shared_ptr<const Trace>& trace, std::int64_t step, const MapsLook& look);

/// What stands below the maps of a subject.
using MapsFooters = std::function<std::vector<MapFooter>(const MapsSubject&)>;

std::unique_ptr<Figure> allHeadsFigure(const MapsSubject& subject, const MapsFooters& footers = {});
std::unique_ptr<Figure> headFigure(const MapsSubject& subject, int block, int head, const MapsFooters& footers = {});
/// The weights as lines from queries to keys.
std::unique_ptr<Figure> lineFigure(const MapsSubject& subject, int block, int head);
/// A head on the kept input and on the present one, and, when both are as long, the difference of the maps.
std::unique_ptr<Figure> differenceFigure(const MapsSubject& kept, const MapsSubject& now, int block, int head);
std::unique_ptr<Figure> rowFigure(const MapsSubject& subject, int block, int head, int query);

/// All heads, or one of them, through the kept steps of a run with one input.
class MapsFilm : public FilmSource {
    Q_OBJECT

public:
    /// `block` -1: all heads. `footers`: of each frame, as many and as high of all.
    MapsFilm(const Run& run, const Input& input, const MapsLook& look, int block, int head, MapsFooters footers = {});

    int count() const override { return static_cast<int>(m_checkpoints.size()); }
    std::int64_t stepOf(int frame) const override { return m_checkpoints[static_cast<std::size_t>(frame)]->step; }
    void request(int frame) override;

private:
    void draw(const CheckpointPtr& checkpoint, const std::shared_ptr<const Trace>& trace);

    QPointer<const Run> m_run;
    std::vector<CheckpointPtr> m_checkpoints;
    Input m_input;
    MapsLook m_look;
    int m_block, m_head;
    MapsFooters m_footers;
    Inspector m_inspector;
};

}  // namespace lab
