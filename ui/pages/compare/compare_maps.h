#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <map>
#include <memory>
#include <vector>

#include "ui/pages/compare/compare_pictures.h"
#include "ui/pages/compare/map_card.h"
#include "ui/runs/focus.h"
#include "ui/runs/focus_link.h"
#include "ui/runs/head_match_job.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/map/map.h"

namespace lab {

class Button;
class ColorScaleBar;
class PanelFrame;
class SegmentedControl;
struct ComparedMap;

/// The maps of two to four runs beside each other, at the step and the input that the window shows, on one scale; the difference of two of
/// them; the cell in hand in all of them; and which heads do the same work. Where all read pictures, also what one query gives to the
/// patches of the picture.
class CompareMaps : public QWidget {
    Q_OBJECT

public:
    explicit CompareMaps(Focus& focus, QWidget* parent = nullptr);
    ~CompareMaps() override;

    /// The runs to show, from the list of all that are open.
    void show(const std::vector<Run*>& runs, const std::vector<Run*>& all);
    const std::vector<Run*>& runs() const { return m_runs; }
    /// Of one of the shown runs.
    Map& map(int index) const;
    /// The head whose map a run shows; nothing before it was traced.
    std::optional<HeadPlace> headShown(int index) const;
    Map& differenceMap() const;
    /// How much of its weight each head of the first run puts elsewhere than that of the run held against it.
    Map& changesMap() const;
    /// How much of the weight the map of a run shares with the first one's on this input; nothing when they cannot be compared.
    std::optional<double> overlapWithFirst(int index) const;
    /// Other runs show the head that does most of the same work, instead of the one at the same place.
    void setBestMatch(bool best);
    HeadMatchJob& matching() { return m_matching; }
    /// The pictures in place of the maps, as soon as all runs shown read pictures.
    void setPictured(bool pictured);
    bool picturesShown() const { return !m_pictures.runs.empty(); }
    const ComparedPictures& pictures() const { return m_pictures; }
    /// Of one of the shown runs, and of the difference.
    OverlayPicture& picture(int index) const;
    OverlayPicture& differencePicture() const { return m_difference->picture(); }

    std::vector<FigureOffer> figures(const QString& fileName) const;
    /// What is shown is that of the step in focus, of every run.
    bool ready() const;

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    using Lines = std::vector<CellTable::Line>;
    static constexpr int matchingInputs = 16;  ///< that heads are matched on

    /// A run that is not the window's own looks where the window looks.
    struct Companion {
        explicit Companion(Focus& leader) : link(leader, focus) {}
        Focus focus;
        FocusLink link;
    };
    struct Shown {
        std::shared_ptr<const Trace> trace;
        std::int64_t step = -1;
        HeadPlace head;
        MapData map;
        QString problem;
        bool otherTokens = false;  ///< than the first run: its tokenizer cuts the text in another way
    };

    bool sameKeys(std::size_t with) const;
    void makePanel();
    void followRuns(const std::vector<Run*>& all);
    const Focus& focusOf(Run* run) const;
    void scheduleRefresh();
    void refresh();
    void askForMatching();
    Shown look(std::size_t index) const;
    HeadPlace headFor(std::size_t index) const;
    const HeadMatching* matchingOf(const Run* other) const;
    std::optional<std::pair<HeadPlace, double>> bestMatch(const Run* run, const HeadPlace& first) const;
    void refreshScales();
    void refreshCard(std::size_t index);
    QString problemOf(std::size_t index) const;
    QString differenceProblem() const;
    void refreshDifference();
    void refreshTable();
    Lines cellLines() const;
    Lines similarityLines() const;
    Lines matchLines() const;
    void refreshHeads();
    void showCell();
    MapCell cell() const;
    /// Which of the runs the first one is held against.
    std::size_t other() const;
    void arrange();
    QString headName(const Run& run, const HeadPlace& place) const;
    ComparedMap compared(std::size_t index) const;
    std::unique_ptr<Figure> mapsFigure() const;
    std::unique_ptr<Figure> differenceFigure() const;

    // compare_maps_heads.cpp
    void makeChanges();
    void refreshChanges();
    bool showsChanges() const;

    // compare_maps_pictures.cpp
    bool canBePictured() const;
    void makePictureControls();
    void connectPicture(OverlayPicture& picture);
    void lookAtPictures();
    int queryPatch() const;
    QString pictureProblem(const Run& run) const;
    static void showScene(OverlayPicture& picture, const OverlayScene& scene);
    void choosePatch(int patch);
    void showPatch();
    Lines patchLines() const;
    std::unique_ptr<Figure> picturesFigure() const;
    std::unique_ptr<Figure> changeFigure() const;
    std::vector<FigureOffer> pictureFigures(const QString& fileName) const;

    Focus& m_focus;
    std::vector<Run*> m_runs;
    QStringList m_labels;  ///< of the runs, as the cards show them
    std::vector<Shown> m_shown;
    std::map<Run*, std::unique_ptr<Companion>> m_companions;
    HeadMatchJob m_matching;
    QPointer<Run> m_inputsOf;  ///< whose inputs heads are matched on
    std::vector<Input> m_inputs;
    QTimer m_soon;  ///< several traces that arrive together make one picture
    MapCell m_hover;
    bool m_best = false, m_pictured = false;
    ComparedPictures m_pictures;
    int m_patch = -1;  ///< under the mouse; -1: none

    PanelFrame* m_panel;
    QWidget* m_body;
    Button* m_headButton;
    SegmentedControl *m_match, *m_view;
    Button* m_class;
    std::vector<MapCard*> m_cards;
    MapCard* m_difference;
    PanelFrame* m_changesPanel;
    Map* m_changes;
    ColorScaleBar* m_scale;
    ColorScaleBar* m_differenceScale;
    CellTable* m_table;
};

}  // namespace lab
