#pragma once

#include "ui/pages/page_tab.h"
#include "ui/pages/stream/patch_bars.h"
#include "ui/pages/stream/patch_scene.h"
#include "ui/pages/stream/patch_study.h"
#include "ui/scenes/parts_figure.h"

class QStackedWidget;

namespace lab {

class AnswerRow;
class Button;
class ColorScaleBar;
class EmptyState;
class PanelFrame;
class PatchMap;
class PatchRuns;
class PatchSide;
class PathRow;
class SegmentedControl;
class TextTable;

/// Two inputs that are answered differently, and how much of the clean one's answer comes back when one part of its run is put into the
/// other's.
class PatchingTab : public PageTab {
    Q_OBJECT

public:
    explicit PatchingTab(Focus& focus, QWidget* parent = nullptr);
    ~PatchingTab() override;

    TabHeading heading() const override;
    void refresh() override;
    bool ready() const override { return m_study.upToDate() || m_study.stopped(); }
    std::vector<FigureOffer> figures() override;
    /// "24,8,61" or "24,8,61,head": asked at position 24, with the token "61" at position 8 of the corrupted input; the map of a part.
    /// Negative positions count from the end.
    bool showCell(const QString& cell) override;
    bool escape() override;
    QWidget* mainPart() override;
    bool showsWeights() const override { return true; }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    const PatchStudy& study() const { return m_study; }
    PatchMap& map() const { return *m_map; }
    PatchMap& heads() const { return *m_heads; }
    QString sentence() const;
    QString verdict() const;
    const TextTable& runsTable() const;
    const PatchBars& bars() const { return *m_bars; }

    /// As a hand does.
    void choosePart(PatchPart part);
    void intoClean(bool clean);
    void byProbability(bool probability);
    void swapInputs();
    void typeToken(int column, const QString& text);
    void readAt(int position);
    void measureAnswers(const ChosenAnswers& answers);
    void choosePath(const PatchPath& path);

private:
    bool showsNothing() const;
    QWidget* makeChoice();
    QWidget* makeContent();
    QWidget* makeMap();
    QWidget* makeBars();
    QWidget* makeFoot();
    void connectParts();
    void takeWish();
    void pin();
    PatchCase wantedCase() const;
    PatchPart part() const;
    QString absence() const;
    void showFound();
    void showNothing(const QString& sentence);
    void showMap();
    void showProgress();
    void showCard();
    void showRuns();
    void applyNotes();
    /// The outcome of the cell in hand, of whichever map.
    const PatchOutcome* inHand() const;
    const PatchScene& handScene() const;
    MapCell handCell() const;
    QString wrongToken(const QString& text) const;
    FigureSubject subject() const;

    PatchStudy m_study;
    QPointer<Run> m_run;
    CheckpointPtr m_checkpoint;
    Input m_input;                                   ///< of the focus, as the pair below belongs to it
    std::optional<std::vector<int>> m_ownCorrupted;  ///< typed, or kept
    int m_position = -1;                             ///< -1: the last that is asked
    ChosenAnswers m_answersChosen;
    struct Wish {
        int position = 0, changed = 0;
        QString token;
    };
    std::optional<Wish> m_wish;  ///< of a place, until its run is met
    bool m_swapped = false;
    bool m_headsInHand = false;
    std::optional<QJsonObject> m_kept;  ///< notes that wait for their run
    bool m_chosen = false;              ///< a cell by hand; else the strongest is shown

    SegmentedControl *m_parts, *m_into, *m_measure;
    QStackedWidget* m_stack;
    EmptyState* m_none;
    PanelFrame *m_mapPanel, *m_headsPanel, *m_barsPanel;
    PatchMap *m_map, *m_heads;
    ColorScaleBar* m_scale;
    Button *m_stop, *m_suggest, *m_swap;
    PatchSide* m_side;
    AnswerRow* m_answers;
    PathRow* m_paths;
    PatchRuns* m_runs;
    PatchBars* m_bars;
};

}  // namespace lab
