#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "ui/pages/codes/codes_state.h"

class QScrollArea;
class QVBoxLayout;

namespace lab {

class Button;
class TextTable;
class ThemedLabel;

/// One claim, to be judged first; then its verdict, why, and what can be computed of the sequence shown.
class ClaimRow : public QWidget {
    Q_OBJECT

public:
    explicit ClaimRow(const goedel::Parallel& claim, QWidget* parent = nullptr);

    const goedel::Parallel& claim() const { return m_claim; }
    /// What was said of it; nothing: not yet.
    void setState(std::optional<goedel::Judgement> judged, const CodedSequence& sequence);
    QString verdict() const;

    QSize minimumSizeHint() const override;

signals:
    void judged(lab::goedel::Judgement judgement);
    /// -1 or 1: the row before or after it is wanted.
    void left(int by);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    bool takes(const QKeyEvent& event) const;

    const goedel::Parallel& m_claim;
    std::optional<goedel::Judgement> m_judged;  ///< what is shown, and of which sequence
    CodedSequence m_of;
    std::vector<Button*> m_choices;
    ThemedLabel *m_verdict, *m_why;
    TextTable* m_numbers;
};

/// What is said about Gödel's numbers and attention: parallels, divergences, speculations. Keys: 1, 2, 3 judge the row in hand, Up and Down
/// go from row to row.
class ClaimsView : public QWidget {
    Q_OBJECT

public:
    explicit ClaimsView(CodesState& state, QWidget* parent = nullptr);

    void refresh();
    /// False: there is no such claim.
    bool show(const std::string& id);
    const std::vector<ClaimRow*>& rows() const { return m_rows; }
    /// "3 of 12 judged, 2 right".
    QString count() const;

private:
    void move(std::size_t from, int by);

    CodesState& m_state;
    QScrollArea* m_area;
    std::vector<ClaimRow*> m_rows;
};

}  // namespace lab
