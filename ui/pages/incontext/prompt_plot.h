#pragma once

#include <QPointF>

#include "ui/widgets/plot/plot.h"

namespace lab {

/// The pairs of a prompt and the lines through them. Pairs are dragged (amber while held), as the x of the query is along its axis. Without
/// a mouse: Left and Right move the query, Page Up and Page Down take a pair in hand, which the arrows then move (Shift: further), Delete
/// removes and Escape puts down.
class PromptPlot : public Plot {
    Q_OBJECT

public:
    explicit PromptPlot(const QString& name, QWidget* parent = nullptr);

    struct Scene {
        std::vector<QPointF> pairs;     ///< in the order of the prompt
        double query = 0;               ///< x of what is asked
        double answer = 0;              ///< of the model, there
        std::vector<PlotSeries> lines;  ///< the first ones on top
        std::vector<double> residuals;  ///< where the line meets each pair, which a dotted upright leads to; empty: none
        bool movable = true;
    };
    void setPrompt(Scene scene);
    const Scene& prompt() const { return m_prompt; }
    /// The pair in hand; -1: none.
    int held() const { return m_held; }
    QPointF placeOfPair(int pair) const;

signals:
    /// Where it shall be.
    void pairMoved(int pair, QPointF to);
    void pairRemoved(int pair);
    void queryMoved(double x);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void applyRanges();
    void describe();
    void hold(int pair);
    int pairAt(const QPointF& at) const;
    QPointF valueAt(const QPointF& at) const;
    bool takesKey(int key) const;
    void paintPairs(QPainter& painter) const;
    void paintQuery(QPainter& painter) const;

    Scene m_prompt;
    double m_reach = 1, m_low = -1, m_high = 1;
    int m_held = -1;
    bool m_drags = false, m_dragsQuery = false;
};

}  // namespace lab
