#pragma once

#include <QWidget>
#include <memory>

#include "ui/runs/focus.h"
#include "ui/scenes/attention_overlay.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/export_panel.h"

namespace lab {

class Button;
class ColorScaleBar;
class OverlayGrid;
class OverlayPicture;
class PanelFrame;
class SegmentedControl;
class ThemedLabel;

/// What the class token, or any patch, looks at in its picture: one head or the rollout of a layer large, all of them small. The query is
/// the selection's.
class PictureView : public QWidget {
    Q_OBJECT

public:
    explicit PictureView(Focus& focus, QWidget* parent = nullptr);

    static bool isFor(const Run* run) { return looksAtPictures(run); }
    void look(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, std::int64_t step);
    std::int64_t drawnStep() const { return m_step; }
    const OverlayScene& scene() const { return m_overlays; }
    OverlayPicture& picture() const { return *m_picture; }
    OverlayGrid& grid() const { return *m_grid; }
    bool showsRollout() const { return m_rollout; }
    std::vector<FigureOffer> figures(const FigureSubject& subject) const;

private:
    QWidget* makePicture();
    void choose(int block, int head);
    void chooseQuery(int patch);
    void show();
    void showWords();
    const AttentionOverlay* inHand() const;

    Focus& m_focus;
    MapsScene m_maps;
    std::shared_ptr<const Trace> m_trace;
    std::int64_t m_step = 0;
    OverlayScene m_overlays;
    bool m_rollout = false;
    PanelFrame *m_panel, *m_gridPanel;
    OverlayPicture* m_picture;
    OverlayGrid* m_grid;
    ColorScaleBar* m_scale;
    SegmentedControl* m_strength;
    Button* m_class;
    ThemedLabel* m_reading;
};

}  // namespace lab
