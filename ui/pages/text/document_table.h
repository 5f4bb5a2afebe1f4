#pragma once

#include <memory>

#include "ui/runs/corpus_draft.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// The documents of a text: number, first words, lengths, side of the split.
class DocumentTable : public DataTable {
    Q_OBJECT

public:
    explicit DocumentTable(QWidget* parent = nullptr);

    /// To be called before rows of it are shown.
    void setView(std::shared_ptr<const CorpusView> view) { m_view = std::move(view); }

protected:
    void arrangeColumns() override;

private:
    TableColumn counts(const char* id, const QString& title, const QString& help, std::uint32_t DocumentCount::*count) const;
    TableColumn sides() const;

    std::shared_ptr<const CorpusView> m_view;
};

}  // namespace lab
