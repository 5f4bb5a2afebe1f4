#pragma once

#include <QStringList>
#include <map>
#include <set>

#include "ui/pages/page.h"
#include "ui/pages/sweeps/distribution_view.h"
#include "ui/pages/sweeps/heat_scene.h"
#include "ui/runs/sweep_book.h"

class QComboBox;
class QStackedWidget;
class QVBoxLayout;

namespace lab {

class Button;
class ColorScaleBar;
class EmptyState;
class FilterBar;
class PageHeader;
class PanelFrame;
class SweepTable;
class WatchView;
class Workspace;

/// A sweep: its progress, its rows, what two keys do to a number, and how that is distributed.
class SweepsPage : public Page {
    Q_OBJECT

public:
    SweepsPage(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);
    ~SweepsPage() override;

    static QString pageTitle() { return tr("Sweeps"); }
    static QString pageName() { return QStringLiteral("sweeps"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }
    std::vector<FigureOffer> figures() override;
    bool escape() override;
    void takeOver(const Page& other) override;

    SweepBook& book() const { return *m_book; }
    SweepTable& table() const { return *m_table; }
    FilterBar& filter() const { return *m_filter; }
    Map& heat() const { return *m_heat; }
    const HeatScene& heatScene() const { return m_heatScene; }
    DistributionView& distribution() const { return *m_distribution; }
    WatchView& watch() const { return *m_watch; }
    PageHeader& header() const { return *m_header; }

    /// The number that heat table and distributions are of: "test_loss".
    void setNumber(const std::string& name);
    void setHeatKeys(std::size_t row, std::optional<std::size_t> column);
    /// Nothing: all rows together.
    void setDistributionKey(std::optional<std::size_t> key);
    /// Results that were open before, the last first; offered while none is open.
    void setRecent(const QStringList& paths);
    /// The row that the table's cursor is on, as a run.
    void openChosen();

signals:
    /// Whoever can act on these does.
    void newWanted();
    void openWanted();
    void reportWanted();
    void recentWanted(const QString& path);
    /// Results that come with the program.
    void finishedWanted(const QString& name);
    /// A run of a results file is to be opened; `run` is its number in the grid, -1 when that is not known.
    void runWanted(const std::filesystem::path& csv, int run, const QString& name);

protected:
    void refresh() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeHeader();
    QWidget* makeEmpty();
    QWidget* makeContent();
    PanelFrame* makeTablePanel();
    PanelFrame* makeHeatPanel();
    PanelFrame* makeDistributionPanel();
    QComboBox* keyBox(const QString& name, const QString& toolTip);
    void connectParts();
    void applyMeasures();
    void takeContents();
    void fillBoxes();
    void fillNumbers();
    void choosePlace(std::size_t place);
    void openPlace(std::size_t place);
    void filterToCell(int row, int column);
    std::set<std::size_t> keysOfCell() const;
    MapCell framedCell() const;
    void refreshViews();
    void refreshHeader();
    std::shared_ptr<const SweepRows> rows() const;
    QString sweepName() const;

    SweepBook* m_book;
    std::shared_ptr<const SweepContents> m_taken;  ///< what the boxes choose from
    std::shared_ptr<const SweepContents> m_shown;  ///< what the views show: places of rows are places in it
    bool m_viewsDue = true;
    std::string m_number = "test_accuracy";
    std::vector<std::string> m_keys;  ///< what the boxes choose from

    PageHeader* m_header;
    QWidget* m_numberChoice;
    QComboBox* m_numberBox;
    Button* m_report;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QVBoxLayout* m_recent;
    WatchView* m_watch;
    FilterBar* m_filter;
    SweepTable* m_table;
    PanelFrame* m_watchPanel;
    PanelFrame* m_tablePanel;
    PanelFrame* m_heatPanel;
    PanelFrame* m_distributionPanel;
    Map* m_heat;
    HeatScene m_heatScene;
    std::map<std::size_t, std::string> m_cell;  ///< what the cell that was clicked chose of its keys
    ColorScaleBar* m_scale;
    DistributionView* m_distribution;
    QComboBox *m_heatRow, *m_heatColumn, *m_distributionKey;
};

}  // namespace lab
