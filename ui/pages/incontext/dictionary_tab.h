#pragma once

#include "core/sweep/dictionary_findings.h"
#include "ui/pages/incontext/dictionary_words.h"
#include "ui/pages/incontext/incontext_tab.h"
#include "ui/scenes/parts_figure.h"

class QGridLayout;

namespace lab {

class DictionaryWaysTable;
class DictionaryWays;
class PanelFrame;
class Plot;
class SegmentedControl;
class ThemedLabel;

/// What a dictionary beside the prompt is worth, and what it costs: the rows of the sweep `dictionary`, which comes with the program.
class DictionaryTab : public IncontextTab {
    Q_OBJECT

public:
    DictionaryTab(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override;
    void refresh() override;
    std::vector<FigureOffer> figures() override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    /// Rows to show in place of those that come with the program; for tests.
    void take(const Experiment& base, std::vector<DictionaryPoint> points, const QString& origin);
    /// Empty: no rows come with the program.
    const std::vector<DictionaryPoint>& points() const { return m_points; }
    /// Entries of the dictionaries that the table and the sentence speak of.
    int size() const { return m_size; }
    void setSize(int entries);
    DictionaryMeasure measure() const { return m_measure; }
    void setMeasure(DictionaryMeasure measure);
    Plot& accuracyPlot() const { return *m_accuracy; }
    Plot& growthPlot() const { return *m_growth; }
    DictionaryWaysTable& table() const { return *m_table; }
    QString sentence() const;

private:
    QWidget* makeLeft();
    QWidget* makeRight();
    void load();
    void showAll();
    void showAccuracy();
    void showGrowth();
    void showSize();
    void applyMeasures();
    FigureSubject subject() const;

    bool m_loaded = false;  ///< the tab was shown once
    std::vector<DictionaryPoint> m_points;
    Experiment m_base;  ///< of the sweep
    QString m_origin;   ///< when and on what it was trained
    int m_size = 0, m_standardSize = 0;
    DictionaryMeasure m_measure = DictionaryMeasure::kept;
    QGridLayout* m_grid;
    QWidget* m_right;
    SegmentedControl* m_measures = nullptr;
    PanelFrame* m_tablePanel;
    Plot* m_accuracy;
    Plot* m_growth;
    DictionaryWaysTable* m_table;
    DictionaryWays* m_ways;
    ThemedLabel* m_sentence;
    ThemedLabel* m_rest;
};

}  // namespace lab
