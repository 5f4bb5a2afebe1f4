#pragma once

#include <QWidget>
#include <memory>

#include "ui/runs/corpus_draft.h"
#include "ui/widgets/export_panel.h"

namespace lab {

class Button;
class ElidedLabel;
class PanelFrame;
class TextTable;
class ThemedLabel;
struct FigureSubject;

/// Bars of how many documents have so many characters.
class LengthBarsView : public QWidget {
    Q_OBJECT

public:
    explicit LengthBarsView(QWidget* parent = nullptr);
    void setBars(LengthBars bars);
    const LengthBars& bars() const { return m_bars; }
    /// The bar under a place; -1: none.
    int barAt(const QPoint& position) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    LengthBars m_bars;
};

/// How much of the text is for training and how much for validation, in bytes.
class SplitBar : public QWidget {
    Q_OBJECT

public:
    explicit SplitBar(QWidget* parent = nullptr);
    void setShares(double train, double validation);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_train = 1, m_validation = 0;
};

/// What is counted of the clean text: numbers, lengths of documents, the split and what there is to say of it, the fingerprint.
class CorpusCounts : public QWidget {
    Q_OBJECT

public:
    explicit CorpusCounts(QWidget* parent = nullptr);

    void setView(std::shared_ptr<const CorpusView> view);
    std::vector<FigureOffer> figures(const FigureSubject& subject) const;
    TextTable& counts() const { return *m_counts; }
    LengthBarsView& lengths() const { return *m_lengths; }
    /// What is said of the split, a sentence a line.
    QString notes() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeCounts();
    QWidget* makeSplit();
    QWidget* makePrint();
    void applyMeasures();
    void showCounts();
    void showSplit();
    void copyPrint() const;

    std::shared_ptr<const CorpusView> m_view;
    TextTable* m_counts;
    LengthBarsView* m_lengths;
    PanelFrame* m_split;
    SplitBar* m_bar;
    ElidedLabel *m_sides, *m_raw, *m_clean;
    ThemedLabel* m_notes;
    Button* m_copy;
    std::vector<QLayout*> m_padded;
};

}  // namespace lab
