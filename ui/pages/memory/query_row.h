#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/pages/memory/memory_state.h"

class QSpinBox;

namespace lab {

class Button;
class NoiseSlider;
class PatternPad;
class ProblemLabel;
class QueryDialog;
class ThemedLabel;

/// The row of the query, in the place of the model's input: what is asked for, and how it was spoilt.
class QueryRow : public QWidget {
    Q_OBJECT

public:
    explicit QueryRow(MemoryState& state, QWidget* parent = nullptr);

    /// Asks for the pattern before or behind the chosen one, round the ends.
    void turn(int by);
    void newNoise();
    void eraseLowerHalf();
    /// A window to draw the query in.
    void draw();
    /// Takes the file's first picture as the query.
    void open(const QString& path);
    QString problem() const;
    QueryDialog* dialog() const;  ///< null before it was opened

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void makeButtons();
    void setNoise(int percent);
    void showValue();
    void chooseFile();
    void applyMeasures();

    MemoryState& m_state;
    Button *m_previous, *m_next, *m_newNoise, *m_erase, *m_draw, *m_open;
    PatternPad* m_picture;
    ThemedLabel *m_what, *m_overlap;
    ProblemLabel* m_problem;
    NoiseSlider* m_slider;
    QSpinBox* m_number;
    QPointer<QueryDialog> m_dialog;
};

}  // namespace lab
