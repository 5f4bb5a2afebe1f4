#pragma once

#include <QWidget>

#include "ui/pages/codes/codes_state.h"

class QLabel;
class QLineEdit;

namespace lab {

class Button;
class SegmentedControl;

/// For a page's header: the sequence, to be typed, and its alphabet; with a button that decodes a number where that is wanted.
class SequenceRow : public QWidget {
    Q_OBJECT

public:
    /// `name` begins the names of its controls.
    SequenceRow(const QString& name, CodesState& state, bool decodes, QWidget* parent = nullptr);

    QLineEdit& field() const { return *m_field; }
    /// With all its words.
    QSize sizeHint() const override { return {widthOf(false), QWidget::sizeHint().height()}; }
    QSize minimumSizeHint() const override { return {widthOf(true), QWidget::minimumSizeHint().height()}; }
    /// Types into the field as a person does.
    void focusField();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QString decodeText(bool narrow) const { return narrow ? tr("Decode\u2026") : tr("Decode a number\u2026"); }
    int widthOf(bool narrow) const;
    void showState();
    void decode();

    CodesState& m_state;
    QString m_name;
    QLabel* m_caption;
    QLineEdit* m_field;
    SegmentedControl* m_alphabet;
    Button* m_decode = nullptr;
};

}  // namespace lab
