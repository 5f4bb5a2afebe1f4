#pragma once

#include <QRadioButton>
#include <QStringList>
#include <QWidget>
#include <vector>

namespace lab {

/// Two to eight choices of which one is on. Arrow keys move, a click or Space chooses; screen readers see radio buttons named
/// "GROUP: CHOICE".
class SegmentedControl : public QWidget {
    Q_OBJECT

public:
    SegmentedControl(const QStringList& choices, const QString& accessibleName, QWidget* parent = nullptr);

    int current() const;
    /// Without a signal.
    void setCurrent(int index);
    /// `why` becomes the tool tip of a choice that cannot be made now.
    void setChoiceEnabled(int index, bool enabled, const QString& why = {});
    /// A choice that there is not now takes no room; not for the one that is on.
    void setChoiceShown(int index, bool shown);
    void setChoiceToolTip(int index, const QString& text);
    void setChoiceText(int index, const QString& text);
    /// Height in logical px at 100 %; 24 unless told (20 in title bars).
    void setHeight(int at100);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void chosen(int index);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyMeasures();
    void keepOneStop();
    void arrange();

    std::vector<QRadioButton*> m_segments;
    int m_height = 24;
};

}  // namespace lab
