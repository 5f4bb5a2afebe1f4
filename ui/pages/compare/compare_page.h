#pragma once

#include <vector>

#include "core/data/loss_unit.h"
#include "ui/pages/compare/run_book.h"
#include "ui/pages/page.h"
#include "ui/runs/workspace.h"

class QMenu;
class QScrollArea;

namespace lab {

class FittedText;
class Button;
class CompareMaps;
class PageHeader;
class PanelFrame;
class Plot;
class RunTable;
class SegmentedControl;
struct PlotSeries;
struct RunRow;

/// The open runs side by side: their list, curves over one another, maps beside each other.
class ComparePage : public Page {
    Q_OBJECT

public:
    /// Which curves are drawn.
    enum class Show { runs, deviation, range };

    ComparePage(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);
    ~ComparePage() override;

    static QString pageTitle() { return tr("Compare"); }
    static QString pageName() { return QStringLiteral("compare"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }
    std::vector<FigureOffer> figures() override;
    QWidget* mainPart() override;
    bool toggleTraining() override;

    RunTable& table() const { return *m_table; }
    Plot& lossPlot() const { return *m_loss; }
    Plot& accuracyPlot() const { return *m_accuracy; }
    CompareMaps& maps() const { return *m_maps; }
    PageHeader& header() const { return *m_header; }
    QMenu* classicMenu() const { return m_classics; }
    void takeOver(const Page& other) override;
    void setShow(Show show);
    void setAgainst(Effort effort);
    void removeRun(Run* run);

signals:
    /// Whoever can make runs acts on these.
    void duplicateWanted(lab::Run* run);
    void comparisonWanted(int index, bool allSeeds);

protected:
    void refresh() override;
    bool ready() const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeHeader();
    QWidget* makeRunsPanel();
    QWidget* makePlots();
    PanelFrame* makePlotPanel(Plot* plot, const QString& title);
    Button* makeClassicMenu();
    Button* makeDuplicateButton();
    void connectTable();
    void applyMeasures();
    void fitParts();

    void refreshHeader();
    void refreshTable();
    void refreshPlots();
    void refreshControls();
    RunRow rowOf(const Variant& variant) const;
    void fillNumbers(const Variant& variant, RunRow& row) const;
    PlotSeries lineOf(const Run* run, const std::vector<double>& values, double factor) const;
    PlotSeries bandOfVariant(const Variant& variant, bool accuracy) const;
    LossUnit lossUnit(const Run* run) const;
    void nameMeasure();
    std::vector<PlotSeries> linesOf(bool accuracy) const;
    std::optional<double> shownEffort() const;
    QString effortText(double value) const;
    QString effortName() const;

    bool together() const { return m_show != Show::runs; }
    Run* runOf(int row) const;
    std::vector<Run*> runsToMap() const;
    void forget(Run* run);
    void toggleRow(int row);
    void removeRow(int row);
    void toggleMap(int row);
    void renameRow(int row, const QString& name);
    void showMenu(int row, const QPoint& at);

    Workspace& m_workspace;
    RunBook m_book;
    Show m_show = Show::runs;
    Effort m_against = Effort::steps;
    double m_level = 0.99;
    std::vector<Variant> m_variants;  ///< a row each
    std::vector<Run*> m_mapped;       ///< chosen by hand; empty: the first ones

    PageHeader* m_header;
    SegmentedControl* m_axis;
    SegmentedControl* m_curves;
    QMenu* m_classics;
    FittedText* m_about;
    PanelFrame* m_runsPanel;
    QScrollArea* m_scroll;
    RunTable* m_table;
    Button* m_levelButton;
    SegmentedControl* m_turns;
    Button* m_trainAll;
    Button* m_pauseAll;
    PanelFrame* m_lossPanel = nullptr;
    Plot* m_loss;
    Plot* m_accuracy;
    PanelFrame* m_accuracyPanel;
    QWidget* m_plots;
    CompareMaps* m_maps;
};

}  // namespace lab
