#pragma once

#include <QAbstractButton>
#include <QWidget>
#include <vector>

#include "core/config/experiment.h"

class QVBoxLayout;

namespace lab {

class FieldRow;

/// Opens and closes what stands below it. As a heading: a bar in bold; as a fold: 'N more, all at default'.
class DisclosureButton : public QAbstractButton {
    Q_OBJECT

public:
    enum class Kind { heading, fold };

    DisclosureButton(Kind kind, const QString& text, QWidget* parent);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Kind m_kind;
};

/// One section of the settings form: heading, common rows, fold, the other rows.
class SettingsSection : public QWidget {
    Q_OBJECT

public:
    SettingsSection(const QString& title, QWidget* parent);

    void add(FieldRow* row);
    /// Shows the rows that apply to the draft; a folded row in error shows itself.
    void arrange(const Experiment& draft);

    DisclosureButton* heading() const { return m_heading; }
    DisclosureButton* fold() const { return m_fold; }

private:
    void apply();
    QString foldText(const std::vector<FieldRow*>& folded) const;

    DisclosureButton* m_heading;
    DisclosureButton* m_fold;
    QVBoxLayout* m_layout;
    std::vector<FieldRow*> m_rows;  ///< in the order in which they stand
    Experiment m_draft;
};

}  // namespace lab
