# Completes options and file names of the commands in bash and zsh. To load it: . bin/completion/bcq.sh
for bcq_command in bcq-bench bcq-convert bcq-eval bcq-inspect bcq-translate; do
  . "$(dirname "${BASH_SOURCE[0]:-$0}")/$bcq_command"
done
unset bcq_command

# The generated functions count positions from the command's bare name, but people type bin/bcq-convert as well.
_bcq_complete() {
  COMP_WORDS[0]=${COMP_WORDS[0]##*/}
  "_complete_${COMP_WORDS[0]}" "$@"
}
complete -F _bcq_complete -o default bcq-bench bcq-convert bcq-eval bcq-inspect bcq-translate
