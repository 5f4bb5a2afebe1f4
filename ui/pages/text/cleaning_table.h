#pragma once

#include <memory>

#include "ui/runs/corpus_draft.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// The rules of cleaning in the order they are applied: on or off, an example, how many places were changed. A click on a box, or Space,
/// switches one.
class CleaningTable : public DataTable {
    Q_OBJECT

public:
    explicit CleaningTable(QWidget* parent = nullptr);

    /// Boxes are as wished; numbers those of the view, which may still be of other settings.
    void setDraft(const CorpusSettings& settings, std::shared_ptr<const CorpusView> view);
    bool isOn(std::size_t rule) const { return m_rules.isOn(rule); }
    static constexpr int boxColumn = 0;

signals:
    void ruleSwitched(std::size_t rule, bool on);

protected:
    void arrangeColumns() override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    TableColumn boxes() const;
    TableColumn changes() const;
    QString changedText(std::size_t rule) const;
    std::int64_t mostPlaces() const;
    const CleaningCount* count(std::size_t rule) const;

    CleaningRules m_rules{{}};
    std::shared_ptr<const CorpusView> m_view;
};

}  // namespace lab
