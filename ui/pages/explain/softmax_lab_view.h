#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/examples.h"

class QLabel;
class QLineEdit;

namespace lab {

class Button;

/// Scores to play with: temperature, single scores, a constant added to all of them; the probabilities, their entropy and the hard maximum.
class SoftmaxLabView : public QWidget {
    Q_OBJECT

public:
    explicit SoftmaxLabView(QWidget* parent = nullptr);

    /// The scores of a row before the division by root of headDim; -inf: hidden.
    void setScores(const std::vector<double>& products, int headDim, const QStringList& tokens);
    void setTemperature(double temperature);
    double temperature() const;
    const explain::SoftmaxLab& result() const { return m_result; }

signals:
    void closed();
    /// The row as the walk has it, tile by tile.
    void tilesWanted();

protected:
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    class Bars;
    class MarkedSlider;
    void compute();

    std::vector<double> m_original, m_scores;
    int m_headDim = 1;
    double m_shift = 0.0;
    int m_selected = 0;
    QStringList m_tokens;
    explain::SoftmaxLab m_result;
    Bars* m_bars;
    MarkedSlider *m_slider, *m_scoreSlider, *m_shiftSlider;
    Button* m_modelButton;
    QLabel *m_temperatureText, *m_scoreText, *m_shiftText, *m_summary, *m_maxText;
};

}  // namespace lab
