#pragma once

#include <QWidget>
#include <vector>

#include "core/analysis/online_softmax.h"

namespace lab {

class PanelFrame;
class Plot;
class SegmentedControl;
class TextTable;
class ThemedLabel;

/// A row of a softmax head as attention in tiles goes through it.
struct TiledRow {
    int query = 0;
    std::vector<double> scores;  ///< as the softmax gets them; -inf: hidden
    std::vector<double> values;  ///< [keys, width]
    int width = 0;               ///< channels of the head
    std::vector<double> output;  ///< [width] as the model has it
};

/// The row cut into tiles of keys: after each the running maximum, the factor for what was summed so far, the running sum and the output;
/// at the end the same as the row taken whole.
class TilesView : public QWidget {
    Q_OBJECT

public:
    explicit TilesView(QWidget* parent = nullptr);

    void setRow(TiledRow row);
    int tile() const;
    void setTile(int keys);
    const OnlineSoftmax& result() const { return m_result; }
    /// [width]: the same row's maximum, exponentials, sum and weights one after the other.
    const std::vector<double>& whole() const { return m_whole; }
    Plot* plot() const { return m_plot; }
    TextTable* table() const { return m_table; }
    QString verdict() const;

signals:
    void closed();

protected:
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeBody();
    void compute();
    void showPlot();
    void showTable();
    void showVerdict();

    TiledRow m_row;
    OnlineSoftmax m_result;
    std::vector<double> m_whole;
    PanelFrame* m_panel;
    SegmentedControl* m_tiles;
    Plot* m_plot;
    TextTable* m_table;
    ThemedLabel *m_verdict, *m_words;
};

}  // namespace lab
